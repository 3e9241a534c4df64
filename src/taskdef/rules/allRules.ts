import { containerRules } from './containerRules';
import { dependencyRules } from './dependencyRules';
import { fargateRules } from './fargateRules';
import { healthRules } from './healthRules';
import { logRules } from './logRules';
import { networkRules } from './networkRules';
import { platformRules } from './platformRules';
import { portRules } from './portRules';
import { roleRules } from './roleRules';
import type { Rule } from './rule';
import { sizeRules } from './sizeRules';
import { taskRules } from './taskRules';
import { volumeRules } from './volumeRules';

/** The rules of a definition's content, whatever form the file has; those of the file are `fileRules`. */
export const definitionRules: readonly Rule[] = [
  ...containerRules,
  ...sizeRules,
  ...networkRules,
  ...portRules,
  ...dependencyRules,
  ...logRules,
  ...roleRules,
  ...volumeRules,
  ...healthRules,
  ...fargateRules,
  ...platformRules,
  ...taskRules,
];
