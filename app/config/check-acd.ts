import { show, type ConfigProblem } from './config-problem.ts';

/** What the ACD's sections hold that refers to each other: `errors` refuse the file, `warnings` are told. */
export interface AcdProblems {
  readonly errors: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

type Loose = Readonly<Record<string, unknown>>;

const DEFAULT_LEVELS = { lowest: 1, highest: 5 };

/**
 * What a schema cannot see: names that refer to each other, levels, things that stand twice. It reads the file as it was
 * written and passes over what has the wrong form (the schema complains of that), so that every mistake is told at once.
 */
export function checkAcd(raw: unknown): AcdProblems {
  return new AcdCheck(record(raw)).run();
}

class AcdCheck {
  readonly #raw: Loose;
  readonly #queues: readonly Loose[];
  readonly #agents: readonly Loose[];
  readonly #errors: ConfigProblem[] = [];
  readonly #warnings: ConfigProblem[] = [];

  constructor(raw: Loose) {
    this.#raw = raw;
    this.#queues = list(raw['queues']).map(record);
    this.#agents = list(raw['agents']).map(record);
  }

  run(): AcdProblems {
    this.#once('queues', this.#queues.map(({ id }) => id));
    this.#once('agents', this.#agents.map(({ id }) => id));
    this.#once('notReadyReasons', list(this.#raw['notReadyReasons']).map((reason) => record(reason)['code']), '.code');
    this.#checkLevels();
    this.#queues.forEach((queue, index) => this.#checkQueue(queue, `queues[${index}]`));
    this.#agents.forEach((agent, index) => this.#checkAgent(agent, `agents[${index}]`));
    return { errors: this.#errors, warnings: this.#warnings };
  }

  #checkQueue(queue: Loose, path: string): void {
    const { id, calendar, wrapUpCodes } = queue;
    const calendars = Object.keys(record(this.#raw['calendars']));
    if (typeof calendar === 'string' && !calendars.includes(calendar)) {
      this.#wrong(`${path}.calendar`, calendar, calendars.length === 0 ? 'a name of `calendars`, where there is none yet' : calendars.join(', '));
    }
    if (queue['callbacks'] !== undefined && record(this.#raw['callbacks'])['dial'] === undefined) {
      this.#wrong(`${path}.callbacks`, queue['callbacks'], 'callbacks only with `callbacks.dial`, which says how customers are dialled');
    }
    if (queue['recording'] !== undefined && record(queue['recording'])['record'] !== 'never' && this.#raw['recording'] === undefined) {
      this.#wrong(`${path}.recording`, queue['recording'], 'recordings only with `recording.keys`, under which they are encrypted');
    }
    const { order, flow, detectMachines, messageFlow } = record(queue['callbacks']);
    if (order === 'customerFirst' && flow === undefined) this.#wrong(`${path}.callbacks.flow`, flow, 'the id of the flow that greets a customer whom we called');
    if (messageFlow !== undefined && detectMachines !== true) {
      this.#wrong(`${path}.callbacks.messageFlow`, messageFlow, 'a message only with `detectMachines: true`, which tells machines from people');
    }
    this.#once(`${path}.wrapUpCodes`, list(wrapUpCodes));
    if (typeof id === 'string' && !this.#agents.some((agent) => list(agent['queues']).includes(id))) {
      this.#warnings.push({ path, found: `${show(id)}, which no agent serves`, allowed: 'a queue with agents: what waits in it can only overflow' });
    }
  }

  #checkAgent(agent: Loose, path: string): void {
    const queues = this.#queues.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
    const own = list(agent['queues']);
    for (const queue of own) {
      if (typeof queue === 'string' && !queues.includes(queue)) this.#wrong(`${path}.queues`, queue, [...new Set(queues)].join(', ') || 'a queue of `queues`, where there is none');
    }
    this.#once(`${path}.queues`, own);
    for (const [skill, level] of Object.entries(record(agent['skills']))) this.#checkSkill(skill, level, `${path}.skills.${skill}`);
    const { endpoint, id } = agent;
    const twin = this.#agents.find((other) => typeof endpoint === 'string' && other['endpoint'] === endpoint);
    if (twin !== undefined && twin !== agent && twin['id'] !== id) {
      this.#warnings.push({ path: `${path}.endpoint`, found: `${show(endpoint)}, which agent ${show(twin['id'])} has, too`, allowed: 'a phone of its own: the two cannot talk at the same time' });
    }
  }

  #checkSkill(skill: string, level: unknown, path: string): void {
    const { skills } = this.#raw;
    const declared = record(skills);
    if (skills !== undefined && !Object.hasOwn(declared, skill)) {
      const names = Object.keys(declared);
      this.#wrong(path, skill, names.length === 0 ? 'a skill that `skills` declares; it declares none' : names.join(', '));
      return;
    }
    const { lowest, highest } = this.#levelsOf(skill);
    if (typeof level === 'number' && lowest <= highest && (level < lowest || level > highest)) this.#wrong(path, level, `${lowest} to ${highest}`);
  }

  #checkLevels(): void {
    const centre = this.#centreLevels();
    if (centre.lowest > centre.highest) this.#wrong('skillLevels', centre, '`lowest` not above `highest`');
    for (const skill of Object.keys(record(this.#raw['skills']))) {
      const levels = this.#levelsOf(skill);
      if (levels.lowest > levels.highest && centre.lowest <= centre.highest) this.#wrong(`skills.${skill}`, levels, '`lowest` not above `highest`');
    }
  }

  #levelsOf(skill: string): typeof DEFAULT_LEVELS {
    const declared = record(this.#raw['skills']);
    return levels(Object.hasOwn(declared, skill) ? declared[skill] : undefined, this.#centreLevels());
  }

  #centreLevels(): typeof DEFAULT_LEVELS {
    return levels(this.#raw['skillLevels'], DEFAULT_LEVELS);
  }

  #wrong(path: string, found: unknown, allowed: string): void {
    this.#errors.push({ path, found: show(found), allowed });
  }

  #once(path: string, values: readonly unknown[], key = ''): void {
    values.forEach((value, index) => {
      if (value !== undefined && values.indexOf(value) !== index) this.#wrong(`${path}[${index}]${key}`, value, 'a value that stands once');
    });
  }
}

function levels(value: unknown, otherwise: typeof DEFAULT_LEVELS): typeof DEFAULT_LEVELS {
  const { lowest, highest } = record(value);
  return {
    lowest: typeof lowest === 'number' ? lowest : otherwise.lowest,
    highest: typeof highest === 'number' ? highest : otherwise.highest,
  };
}

function record(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
