import type { ImageCatalog } from '../ecr/imageCatalog';
import type { LayerCatalog } from '../ecr/layerCatalog';
import type { RepositoryCatalog } from '../ecr/repositoryCatalog';
import type { BlobStore } from './blobStore';
import type { TokenIssuer } from './registryToken';
import type { UploadStore } from './uploadStore';

/** All that the registry and the operations of ECR work on; both see the same. */
export interface RegistryContent {
  readonly accountId: string;
  readonly repositories: RepositoryCatalog;
  readonly images: ImageCatalog;
  readonly layers: LayerCatalog;
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly tokens: TokenIssuer;
  /** Where engines reach the registry: "127.0.0.1:PORT". */
  registryHost(): string;
}
