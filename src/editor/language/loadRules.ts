import type { diagnose, fixAll } from '../../taskdef/diagnose';
import type { parseTaskDefinition } from '../../taskdef/document/taskDefinitionDocument';

export interface TaskDefinitionRules {
  readonly diagnose: typeof diagnose;
  readonly fixAll: typeof fixAll;
  readonly parseTaskDefinition: typeof parseTaskDefinition;
}

/** The rules come in with the first task definition: a window without one need not load them. */
export async function loadRules(): Promise<TaskDefinitionRules> {
  const [rules, document] = await Promise.all([
    import('../../taskdef/diagnose'),
    import('../../taskdef/document/taskDefinitionDocument'),
  ]);
  return {
    diagnose: rules.diagnose,
    fixAll: rules.fixAll,
    parseTaskDefinition: document.parseTaskDefinition,
  };
}
