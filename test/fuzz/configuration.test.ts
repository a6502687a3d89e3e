import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfig } from '../../app/config/load-config.ts';
import { withItem } from '../../app/config/edit-config.ts';
import { admissionLimitsOf } from '../../app/config/limits-config.ts';
import { acdConfigOf } from '../../app/config/acd-config.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { damaged, damagedText, fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

const FILE = join(import.meta.dirname, '../../strowger.example.yaml');
const EXAMPLE = readFileSync(FILE, 'utf8');
const VALUES = parse(EXAMPLE) as unknown;

const text = fc.oneof(
  { weight: 4, arbitrary: damaged([VALUES]).map((value) => JSON.stringify(value) ?? '') },
  { weight: 4, arbitrary: damagedText([EXAMPLE]) },
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.constantFrom('a: &a [*a, *a]', 'a: &a [x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]', '- ! x', '!!binary x', '? [a]: b', '%YAML 9.9\n---\na', '---\na\n---\nb', '{'.repeat(5_000)),
);
const environment = fc.dictionary(fc.constantFrom('STROWGER_HTTP__PORT', 'STROWGER_NODES__0__URL', 'STROWGER_ARI_PASSWORD', 'MQTT_URL', 'STROWGER_HOTLINES__X__Y', 'STROWGER___', 'STROWGER_ENGINE__ID__X'), fc.string({ maxLength: 10 }), { maxKeys: 3 });

it(
  'configuration files, whole and broken, are read, or refused with a code and every problem in words',
  async () => {
    let read = 0;
    await fuzz(fc.record({ text, environment }), ({ text: file, environment: variables }) => {
      try {
        const { config } = checkConfig(file, 'strowger.yaml', variables);
        // What passes must be fit to run with.
        acdConfigOf(config);
        admissionLimitsOf(config);
        read += 1;
      } catch (error) {
        if (!(error instanceof StrowgerError)) throw error;
        expect(['config.invalid', 'config.unreadable']).toContain(error.code);
        expect(error.message.length).toBeLessThan(100_000);
      }
    });
    expect(read).toBeGreaterThan(0);
  },
  FUZZ_TIMEOUT_MS,
);

interface Written {
  readonly agents: readonly { readonly id: string }[];
}

/** Of each way to write an agent one, with comments; short, because each change reads it several times. */
const WRITTEN = `# The centre of Yunqiao Bank
queues:
  - { id: personal, name: Personal }

agents: # in two teams
  # the first
  - { id: "1001", name: Li, endpoint: PJSIP/1001, skills: { loans: 3 }, queues: [personal] } # until May
  - id: "2001" # the second
    name: >-
      Wang
    endpoint: PJSIP/2001
    phonePassword: { env: PHONE_2001 }
    queues:
      - personal

http: { port: 8080 }
`;

it(
  'changes of agents and queues over the API leave a file that reads, or are refused with a code',
  async () => {
    const settings = damaged([{ name: 'A', endpoint: 'PJSIP/1', skills: { loans: 3 }, queues: ['personal'] }]).filter((value): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value));
    await fuzz(fc.record({ id: fc.oneof(fc.constantFrom('1001', '2001', '__proto__'), fc.string({ maxLength: 8 })), settings }), ({ id, settings: given }) => {
      const changed = withItem(WRITTEN, 'agents', id, given, []);
      const others = ({ agents, ...rest }: Written): string => JSON.stringify([rest, agents.filter((agent) => agent.id !== id)]);
      // All else says what it said.
      expect(others(parse(changed) as Written)).toBe(others(parse(WRITTEN) as Written));
    });
  },
  FUZZ_TIMEOUT_MS,
);
