import { insertItemBefore, replaceValue, setMember } from '../document/edits';
import type { Rule } from './rule';
import { apiType } from './sources';

/**
 * What a health check may say; seconds, but for the retries.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export const HEALTH_LIMITS = {
  interval: { least: 5, most: 300 },
  timeout: { least: 2, most: 60 },
  retries: { least: 1, most: 10 },
  startPeriod: { least: 0, most: 300 },
} as const;
const PERIOD = { least: 60, most: 1800 };
const MOST_EXIT_CODES = 50;

/** Health checks and restarts. */
export const healthRules: readonly Rule[] = [
  {
    id: 'health-check-range',
    severity: 'error',
    source: apiType('HealthCheck', 'interval'),
    *check({ containers }) {
      for (const check of containers.map((container) => container.member('healthCheck'))) {
        for (const [name, { least, most }] of Object.entries(HEALTH_LIMITS)) {
          const view = check.member(name);
          if (view.number !== undefined && (view.number < least || view.number > most)) {
            const valid = view.number < least ? least : most;
            yield {
              span: view.span,
              message: `${name} ${view.number} of a health check: ${least} to ${most} is possible.`,
              fix: { title: `Change to ${valid}`, edits: () => replaceValue(view, valid) },
            };
          }
        }
      }
    },
  },
  {
    id: 'health-check-command',
    severity: 'error',
    source: apiType('HealthCheck', 'command'),
    *check({ containers }) {
      for (const container of containers) {
        const items = container.member('healthCheck').member('command').items();
        const [first] = items;
        if (first?.text !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(first.text)) {
          const kind = items.length === 1 ? 'CMD-SHELL' : 'CMD';
          yield {
            span: first.span,
            message:
              'The command of a health check begins with "CMD" (arguments follow) or "CMD-SHELL" (a line for the shell).',
            fix: { title: `Begin with "${kind}"`, edits: () => insertItemBefore(first, kind) },
          };
        }
      }
    },
  },
  {
    id: 'health-check-shell',
    severity: 'warning',
    source: apiType('HealthCheck', 'command'),
    *check({ containers }) {
      for (const container of containers) {
        const [first, , third] = container.member('healthCheck').member('command').items();
        if (first?.text === 'CMD-SHELL' && third) {
          yield {
            span: third.span,
            message:
              'CMD-SHELL takes one line, and the shell does not run what follows it. Join them, or use CMD.',
          };
        }
      }
    },
  },
  {
    id: 'restart-policy',
    severity: 'error',
    source: apiType('ContainerRestartPolicy', 'restartAttemptPeriod'),
    *check({ containers }) {
      for (const policy of containers.map((container) => container.member('restartPolicy'))) {
        if (policy.isObject && policy.member('enabled').absent) {
          yield {
            span: policy.keySpan,
            message: 'A restart policy says whether it is on. Add "enabled".',
            fix: { title: 'Add enabled: true', edits: () => setMember(policy, 'enabled', true) },
          };
        }
        const period = policy.member('restartAttemptPeriod');
        if (period.number !== undefined && (period.number < PERIOD.least || period.number > PERIOD.most)) {
          const valid = period.number < PERIOD.least ? PERIOD.least : PERIOD.most;
          yield {
            span: period.span,
            message: `restartAttemptPeriod of ${period.number} s: ${PERIOD.least} to ${PERIOD.most} s are possible.`,
            fix: { title: `Change to ${valid}`, edits: () => replaceValue(period, valid) },
          };
        }
        const codes = policy.member('ignoredExitCodes').items();
        const extra = codes[MOST_EXIT_CODES];
        if (extra) {
          yield {
            span: extra.span,
            message: `${codes.length} exit codes; ${MOST_EXIT_CODES} can be ignored.`,
          };
        }
      }
    },
  },
];
