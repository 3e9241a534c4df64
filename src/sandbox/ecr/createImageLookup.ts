import type { ImageLookup } from '../registry/imageLookup';
import { parseManifest, selectPlatform } from '../registry/manifest';
import type { RegistryContent } from '../registry/registryContent';
import { TOKEN_MILLISECONDS } from '../registry/registryToken';
import type { ImageRecord } from './imageCatalog';

/** Go's names of architectures, as image indexes have them, by Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
};

/** What the task runtime asks: images as this host's engine would run them. */
export function createImageLookup(content: RegistryContent): ImageLookup {
  const { images, tokens } = content;

  /** Of an index the image for this host, through nested indexes; engines run Linux on every host. */
  const selectImage = (region: string, repository: string, image: ImageRecord): ImageRecord | undefined => {
    if (image.children.length === 0) {
      return image;
    }
    const index = parseManifest(images.readManifest(image), image.mediaType);
    const digest = selectPlatform(index, 'linux', ARCHITECTURES[process.arch] ?? process.arch);
    const selected = digest === undefined ? undefined : images.find(region, repository, digest);
    return selected && selectImage(region, repository, selected);
  };

  return {
    resolve: (region, repository, tagOrDigest) => {
      const image = tagOrDigest.includes(':')
        ? images.find(region, repository, tagOrDigest)
        : images.findTagged(region, repository, tagOrDigest);
      if (image === undefined) {
        return undefined;
      }
      const configDigest = selectImage(region, repository, image)?.configDigest;
      return {
        digest: image.digest,
        mediaType: image.mediaType,
        ...(configDigest === undefined ? {} : { configDigest }),
      };
    },
    credentials: (region) => ({
      username: 'AWS',
      password: tokens.issue({ region, expiresAt: Date.now() + TOKEN_MILLISECONDS }),
    }),
  };
}
