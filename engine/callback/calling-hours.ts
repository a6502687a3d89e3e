import { Zone } from '../domain/zone.ts';

/** When customers may be dialled, by the wall clock where their number is. */
export interface CallingHours {
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`, not part of it; `24:00` is midnight. Before `from`: in the next morning. The same as `from`: never. */
  readonly to: string;
  /** The IANA zone of a number (E.164) or its country (ISO 3166 alpha-2). Undefined, or no zone at all: the centre's. */
  readonly timeZoneOf: (number: string, country: string) => string | undefined;
  /** IANA zone. */
  readonly centreTimeZone: string;
}

/** Countries of bank customers with one zone each. China has one by law. Where a country has several, only its operator knows which. */
const COUNTRY_TIME_ZONES: Readonly<Record<string, string>> = {
  CN: 'Asia/Shanghai',
  DE: 'Europe/Berlin',
  FR: 'Europe/Paris',
  GB: 'Europe/London',
  HK: 'Asia/Hong_Kong',
  JP: 'Asia/Tokyo',
  KR: 'Asia/Seoul',
  MO: 'Asia/Macau',
  MY: 'Asia/Kuala_Lumpur',
  SG: 'Asia/Singapore',
  TW: 'Asia/Taipei',
};

/** Fits `CallingHours.timeZoneOf`. */
export function countryTimeZone(_number: string, country: string): string | undefined {
  return COUNTRY_TIME_ZONES[country];
}

const MINUTES_A_DAY = 24 * 60;

/** Whether a number may be dialled at `at` (milliseconds since the epoch), and why not, for logs. Never where hours or zones are misspelt. */
export function checkCallingHours(hours: CallingHours, number: string, country: string, at: number): { readonly open: boolean; readonly detail: string } {
  const zone = zoneOf(hours.timeZoneOf(number, country)) ?? zoneOf(hours.centreTimeZone);
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  if (!zone || from === undefined || to === undefined) return { open: false, detail: `calling hours ${hours.from}-${hours.to} ${hours.centreTimeZone} cannot be read` };
  const minute = Math.floor((at + zone.offsetMs(at)) / 60_000) % MINUTES_A_DAY;
  const open = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  return { open, detail: `it is ${textOf(minute)} in ${zone.name}, calls are made ${hours.from}-${hours.to}` };
}

function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):([0-5]\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= MINUTES_A_DAY ? minutes : undefined;
}

const textOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A zone takes long to make and never changes. As many as the configuration names. */
const zones = new Map<string, Zone | undefined>();

function zoneOf(name: string | undefined): Zone | undefined {
  if (name === undefined) return undefined;
  if (!zones.has(name)) zones.set(name, Zone.of(name));
  return zones.get(name);
}
