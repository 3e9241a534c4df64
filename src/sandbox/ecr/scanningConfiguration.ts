import type { OperationHandler, RequestScope } from '../operation';
import type { Collection, Store } from '../state/store';
import { refuse } from './ecrRefusal';

/** A RegistryScanningConfiguration of the ECR API. */
interface Configuration {
  readonly scanType: string;
  readonly rules: readonly object[];
}

const SCAN_TYPES = ['BASIC', 'ENHANCED'];

/** Who scans the images of a region's registry: ECR, or Amazon Inspector. The rules are kept, and not followed. */
export class ScanningConfiguration {
  private readonly configurations: Collection<Configuration>;

  constructor(
    store: Store,
    private readonly accountId: string,
  ) {
    this.configurations = store.collection<Configuration>('ecr.scanningConfiguration');
  }

  isEnhanced(region: string): boolean {
    return this.of(region).scanType === 'ENHANCED';
  }

  operations(): Record<string, OperationHandler> {
    return {
      GetRegistryScanningConfiguration: (_input, { region }: RequestScope) => ({
        registryId: this.accountId,
        scanningConfiguration: this.of(region),
      }),

      PutRegistryScanningConfiguration: (input: Partial<Configuration>, { region }: RequestScope) => {
        const { scanType = this.of(region).scanType, rules = [] } = input;
        if (!SCAN_TYPES.includes(scanType)) {
          throw refuse.invalidParameter(
            'scanType',
            `Member must satisfy enum value set: [${SCAN_TYPES.join(', ')}]`,
          );
        }
        this.configurations.put(`${region}/`, { scanType, rules });
        return { registryScanningConfiguration: { scanType, rules } };
      },
    };
  }

  private of(region: string): Configuration {
    return this.configurations.get(`${region}/`) ?? { scanType: 'BASIC', rules: [] };
  }
}
