import type { AcdCommands } from '../integrations/http/api-deps.ts';
import type { AcdReload } from './acd-reload.ts';
import { agentForm, queueForm } from './config/acd-schema.ts';

/** The ACD's configuration for the API: what is shown of it, and how it is changed. */
export function acdApi(acd: AcdReload): AcdCommands {
  return {
    forms: { agent: agentForm, queue: queueForm },
    config: () => {
      const { skills, skillLevels, queues, agents, notReadyReasons, fairAfterSeconds, stickyDays } = acd.config;
      return {
        ...(skills === undefined ? {} : { skills: withoutAbsent(skills) }),
        skillLevels,
        queues,
        agents,
        ...(notReadyReasons === undefined ? {} : { notReadyReasons }),
        fairAfterSeconds,
        stickyDays,
      };
    },
    reload: () => acd.reload(),
    put: (kind, id, settings) => acd.put(kind, id, settings),
    remove: (kind, id) => acd.remove(kind, id),
  };
}

/** What is not given is not there, rather than undefined. */
function withoutAbsent(skills: NonNullable<AcdReload['config']['skills']>): Record<string, { title: string; lowest?: number; highest?: number }> {
  return Object.fromEntries(
    Object.entries(skills).map(([name, { title, lowest, highest }]) => [name, { title, ...(lowest === undefined ? {} : { lowest }), ...(highest === undefined ? {} : { highest }) }]),
  );
}
