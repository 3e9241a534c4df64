import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { useSandbox } from '../support/sandboxClients';
import { describeInWorkbench } from './describeInWorkbench';

describe('A profile of IAM Identity Center', () => {
  const sandbox = useSandbox();
  const home = mkdtempSync(join(tmpdir(), 'aws-containers-home-'));
  before(async () => {
    const { ecr } = sandbox.clients({ region: 'us-east-1' });
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'behind-the-sign-in' }));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  const options = () => ({
    sandbox: false,
    env: { HOME: home },
    awsConfig: [
      ...['[default]', 'sso_session = our', 'sso_account_id = 123456789012', 'sso_role_name = Developer'],
      ...['region = us-east-1', `endpoint_url = ${sandbox.endpoint}`],
      ...['[sso-session our]', 'sso_start_url = https://example.awsapps.com/start', 'sso_region = us-east-1'],
    ].join('\n'),
  });

  describeInWorkbench('to which nobody is signed in', options, (suite) => {
    it('says so once, on one row and in the status bar, and shows no message', async () => {
      const { workbench } = suite();
      await workbench.openViewContainer('AWS Containers');
      await workbench.row('ECR', 'Sign in to use default');
      assert.deepEqual(
        (await workbench.rows('ECR')).map(({ label }) => label),
        ['Sign in to use default'],
      );
      await workbench.statusBarItem(/default · us-east-1: sign in/).waitFor();
      assert.equal(await workbench.page.locator('.notification-toast').count(), 0);
    });

    it('goes on by itself once the person has signed in with the browser that the row opens', async function () {
      this.timeout(60_000);
      const { workbench } = suite();
      const browser = workbench.page.context().waitForEvent('page', { timeout: 30_000 });
      await (await workbench.row('ECR', 'Sign in to use default')).click();
      const opened = await browser;
      const { pathname, search } = new URL(opened.url());
      // A page behind another is not drawn.
      await opened.close();
      assert.match(`${pathname}${search}`, /\/device\?user_code=[0-9A-F]{4}-[0-9A-F]{4}$/);
      // The window leads its browser to a port of its server by a path that this server does not serve.
      assert.equal((await fetch(`${sandbox.endpoint}/device${search}`)).status, 200);
      await workbench.row('ECR', 'behind-the-sign-in');
      await workbench.statusBarItem(/^ ?default · us-east-1$/).waitFor();
    });
  });
});
