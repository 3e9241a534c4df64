import type { ServiceDefinition } from '../operation';
import type { Store } from '../state/store';
import { createAccessPointOperations } from './accessPointOperations';
import { openFileSystemCatalog } from './fileSystemCatalog';
import { createFileSystemOperations } from './fileSystemOperations';

/** EFS: file systems and access points as they are described. There is nothing in them to mount. */
export function createEfsService(store: Store): ServiceDefinition {
  const catalog = openFileSystemCatalog(store);
  return {
    signingName: 'elasticfilesystem',
    operations: { ...createFileSystemOperations(catalog), ...createAccessPointOperations(catalog) },
  };
}
