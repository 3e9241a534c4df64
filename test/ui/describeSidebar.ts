import { createSession, type AwsSession } from '../../src/aws/session';
import { sandboxContext } from '../support/sandboxContext';
import { useSandbox, type SandboxUnderTest } from '../support/sandboxClients';
import { describeInWorkbench } from './describeInWorkbench';
import type { WorkbenchPage } from './workbenchPage';

const REGION = 'us-east-1';

/** A window on a sandbox with a cluster `main`, in which the service `web` is to run one task. */
export interface Sidebar {
  readonly sandbox: SandboxUnderTest;
  /** The extension's gateways to the sandbox; there inside of tests and hooks. */
  readonly aws: () => AwsSession;
  /** The window, with the sidebar on show. */
  readonly open: () => Promise<WorkbenchPage>;
  /** Of the rows in sight. */
  readonly labels: (view: string) => Promise<string[]>;
}

/**
 * @param populate makes what the sandbox is to have besides, before the window opens
 * @param body defines the tests
 */
export function describeSidebar(
  name: string,
  populate: (aws: AwsSession) => Promise<void>,
  body: (sidebar: Sidebar) => void,
): void {
  describe(name, () => {
    const sandbox = useSandbox();
    let current: AwsSession | undefined;
    const aws = (): AwsSession => {
      if (!current) {
        throw new Error('The sandbox is only there inside of tests and hooks.');
      }
      return current;
    };

    before(async function () {
      this.timeout(180_000);
      current = createSession(sandboxContext(sandbox.endpoint, REGION));
      await populate(current);
      const { ecs } = current;
      await ecs.createCluster({ clusterName: 'main' });
      const containerDefinitions = [{ name: 'app', image: 'busybox', memory: 64 }];
      await ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
      await ecs.createService({
        cluster: 'main',
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 1,
      });
    });
    after(() => current?.dispose());

    const options = () => ({
      sandbox: false,
      env: { AWS_CONTAINERS_SANDBOX_ENDPOINT: sandbox.endpoint, AWS_REGION: REGION },
    });
    describeInWorkbench('in a window', options, (suite) => {
      // A dialog or prompt that a failed test left open would be in the way of all others.
      afterEach(() => suite().workbench.page.keyboard.press('Escape'));
      body({
        sandbox,
        aws,
        open: async () => {
          const { workbench } = suite();
          await workbench.openViewContainer('AWS Containers');
          return workbench;
        },
        labels: async (view) => (await suite().workbench.rows(view)).map(({ label }) => label),
      });
    });
  });
}
