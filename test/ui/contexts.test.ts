import assert from 'node:assert/strict';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { useSandbox } from '../support/sandboxClients';
import { describeInWorkbench } from './describeInWorkbench';

describeInWorkbench('A window without a profile', { sandbox: false }, (suite) => {
  it('says what will appear, and offers the ways on', async () => {
    const { workbench } = suite();
    await workbench.openViewContainer('AWS Containers');
    const { text, buttons } = await workbench.welcome('ECR');
    assert.match(text, /Your ECR repositories appear here/);
    assert.match(text, /No account\?/);
    assert.deepEqual(buttons, ['Select a Profile', 'How to Add One', 'Start Local Sandbox']);
    assert.match((await workbench.welcome('ECS')).text, /once a profile is selected or the sandbox runs/);
    await workbench.statusBarItem(/AWS: no profile/).waitFor();
  });

  it('starts the sandbox from there, and shows what it has', async function () {
    this.timeout(60_000);
    const { workbench } = suite();
    await (await workbench.view('ECR')).getByText('Start Local Sandbox').click();
    await workbench.row('ECR', 'web');
    await workbench.row('ECS', 'demo');
    await workbench.statusBarItem(/Local Sandbox · us-east-1/).waitFor();
  });

  it('stops the sandbox, and offers the ways on again', async function () {
    this.timeout(60_000);
    const { workbench } = suite();
    await workbench.runCommand('Sandbox: Stop Local Sandbox');
    assert.ok((await workbench.welcome('ECR')).buttons.includes('Start Local Sandbox'));
    assert.deepEqual(await workbench.rows('ECS'), []);
    await workbench.statusBarItem(/AWS: no profile/).waitFor();
  });
});

describe('Two profiles', () => {
  const first = useSandbox();
  const second = useSandbox();
  before(async () => {
    await first
      .clients({ region: 'us-east-1' })
      .ecr.send(new CreateRepositoryCommand({ repositoryName: 'only-in-first' }));
    await second.ecr.send(new CreateRepositoryCommand({ repositoryName: 'only-in-second' }));
  });

  const options = () => ({
    sandbox: false,
    awsConfig: [
      ...['[default]', 'region = us-east-1', `endpoint_url = ${first.endpoint}`],
      ...['[profile other]', 'region = eu-central-1', `endpoint_url = ${second.endpoint}`],
    ].join('\n'),
    awsCredentials: ['default', 'other']
      .map((name) => `[${name}]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n`)
      .join('\n'),
  });

  describeInWorkbench('of two accounts', options, (suite) => {
    it('shows the default profile first', async () => {
      const { workbench } = suite();
      await workbench.openViewContainer('AWS Containers');
      await workbench.row('ECR', 'only-in-first');
      await workbench.statusBarItem(/default · us-east-1/).waitFor();
    });

    it('shows the selected profile, and nothing of the one before', async () => {
      const { workbench } = suite();
      await workbench.statusBarItem(/default · us-east-1/).click();
      await workbench.pick('other');
      await workbench.pick('eu-central-1');
      await workbench.row('ECR', 'only-in-second');
      assert.deepEqual(
        (await workbench.rows('ECR')).map(({ label }) => label),
        ['only-in-second'],
      );
      await workbench.statusBarItem(/other · eu-central-1/).waitFor();
    });
  });
});

const untrusted = {
  sandbox: false,
  settings: {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  },
};

describeInWorkbench('A workspace that is not trusted', untrusted, (suite) => {
  it('has no menu item that builds, and starts no sandbox', async () => {
    const { workbench } = suite();
    const items = await workbench.openFileMenu('web/Dockerfile');
    assert.ok(items.includes('Copy Path'), items.join());
    assert.ok(!items.includes('Push to ECR...'), items.join());
    await workbench.page.keyboard.press('Escape');
    for (const [command, refused] of [
      ['ECR: Push to ECR...', /not trusted, so AWS Containers will not build/],
      ['Sandbox: Start Local Sandbox', /not trusted, so AWS Containers will not start the local sandbox/],
    ] as const) {
      await workbench.runCommand(command);
      await workbench.notification(refused);
    }
  });
});
