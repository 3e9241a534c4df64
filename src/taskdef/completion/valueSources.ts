import * as container from './containerValues';
import * as logs from './logOptions';
import type { Scene } from './scene';
import type { Suggestion } from './suggestion';
import * as task from './taskValues';

/** What of the document, and of ECS itself, fits a place. */
export type Source = (scene: Scene) => Suggestion[];

/**
 * Values by place, with `*` for an index. What the JSON schema offers must not be here: the editor would list it
 * twice. Enums that depend on the rest of the document are here, and only checked by the schema
 * (`CHECKED_ENUMS` of schema/buildSchemas.ts).
 */
export const VALUES: ReadonlyMap<string, Source> = new Map(
  Object.entries({
    cpu: task.cpuSizes,
    memory: task.memorySizes,
    networkMode: task.networkModes,
    pidMode: task.processNamespaces,
    'runtimePlatform/cpuArchitecture': task.architectures,
    'runtimePlatform/operatingSystemFamily': task.operatingSystems,
    'proxyConfiguration/containerName': container.allContainers,
    'proxyConfiguration/properties/*/name': task.proxyPropertyNames,
    'proxyConfiguration/properties/*/value': task.proxyPropertyValues,
    'containerDefinitions/*/dependsOn/*/containerName': container.dependencyTargets,
    'containerDefinitions/*/dependsOn/*/condition': container.dependencyConditions,
    'containerDefinitions/*/links/*': container.linkedContainers,
    'containerDefinitions/*/volumesFrom/*/sourceContainer': container.otherContainers,
    'containerDefinitions/*/mountPoints/*/sourceVolume': container.declaredVolumes,
    'containerDefinitions/*/portMappings/*/hostPort': container.hostPorts,
    'containerDefinitions/*/logConfiguration/logDriver': container.logDrivers,
    'containerDefinitions/*/logConfiguration/secretOptions/*/name': logs.secretOptionNames,
    'containerDefinitions/*/firelensConfiguration/options/*': container.firelensOptionValues,
    'containerDefinitions/*/logConfiguration/options/*': logs.logOptionValues,
    'containerDefinitions/*/linuxParameters/capabilities/add/*': container.capabilities,
    'containerDefinitions/*/linuxParameters/capabilities/drop/*': container.capabilities,
    'containerDefinitions/*/ulimits/*/name': container.ulimitNames,
    'containerDefinitions/*/systemControls/*/namespace': container.systemControls,
    'containerDefinitions/*/healthCheck/command/*': container.healthCommands,
  }),
);

/** Names of members that the schema leaves open, by the object. */
export const KEYS: ReadonlyMap<string, Source> = new Map(
  Object.entries({
    'containerDefinitions/*/logConfiguration/options': logs.logOptionNames,
    'containerDefinitions/*/firelensConfiguration/options': container.firelensOptionNames,
  }),
);
