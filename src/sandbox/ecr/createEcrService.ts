import type { ServiceDefinition } from '../operation';
import { ACCOUNT_ID } from '../protocol/account';
import { BlobStore } from '../registry/blobStore';
import type { ImageLookup } from '../registry/imageLookup';
import type { RegistryContent } from '../registry/registryContent';
import { createRegistryHandler, type RegistryHandler } from '../registry/registryHandler';
import { TokenIssuer } from '../registry/registryToken';
import { UploadStore } from '../registry/uploadStore';
import type { Store } from '../state/store';
import { ImageCatalog } from './imageCatalog';
import { createImageDeletion } from './imageDeletion';
import { createImageLookup } from './createImageLookup';
import { createImageOperations } from './imageOperations';
import { LayerCatalog } from './layerCatalog';
import { createLayerOperations } from './layerOperations';
import { createPolicyOperations } from './policyOperations';
import { createRegistryOperations } from './registryOperations';
import { RepositoryCatalog } from './repositoryCatalog';
import { createRepositoryOperations } from './repositoryOperations';
import { createScanOperations } from './scanOperations';
import { ScanningConfiguration } from './scanningConfiguration';

export interface EcrService {
  readonly definition: ServiceDefinition;
  /** Serves everything under `/v2/`. */
  readonly registry: RegistryHandler;
  readonly images: ImageLookup;
}

/**
 * ECR with its registry.
 * @param dataDir where the content of layers and manifests is kept, and the key of the registry's passwords
 */
export function createEcrService(
  store: Store,
  dataDir: string,
  options: { registryHost(): string },
): EcrService {
  const blobs = new BlobStore(dataDir);
  const uploads = new UploadStore(store, dataDir);
  const layers = new LayerCatalog(store, blobs);
  const images = new ImageCatalog(store, blobs, layers, ACCOUNT_ID);
  const content: RegistryContent = {
    accountId: ACCOUNT_ID,
    repositories: new RepositoryCatalog(store, ACCOUNT_ID),
    images,
    layers,
    blobs,
    uploads,
    tokens: new TokenIssuer(dataDir),
    registryHost: () => options.registryHost(),
  };
  const scanning = new ScanningConfiguration(store, ACCOUNT_ID);
  uploads.sweep();
  images.sweep();
  return {
    definition: {
      signingName: 'ecr',
      operations: {
        ...createRepositoryOperations(content),
        ...createImageOperations(content, scanning),
        ...createImageDeletion(content),
        ...createLayerOperations(content),
        ...createPolicyOperations(content),
        ...createScanOperations(content, scanning),
        ...scanning.operations(),
        ...createRegistryOperations(content),
      },
    },
    registry: createRegistryHandler(content),
    images: createImageLookup(content),
  };
}
