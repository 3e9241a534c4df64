import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AwsContext } from '../../src/aws/context';
import { poll } from '../../src/base/delay';
import { UserError } from '../../src/base/errors';
import { chooseNewImage } from '../../src/editor/commands/chooseNewImage';
import type { Services } from '../../src/editor/services';

describe('Choosing the image of a new task definition', () => {
  const context: AwsContext = {
    label: 'work',
    source: { kind: 'profile', profile: 'work' },
    region: 'eu-central-1',
  };

  it('can be left for later where the repositories may not be listed', async () => {
    let noted: unknown;
    const refusal = new UserError('accessDenied', 'The repositories may not be listed.');
    const services = {
      sessions: {
        get: () => ({
          ecr: {
            // eslint-disable-next-line require-yield
            async *repositories() {
              await Promise.resolve();
              throw refusal;
            },
          },
        }),
      },
      log: {
        debug: (_text: string, error: unknown) => (noted = error),
      },
    } as unknown as Services;
    const image = chooseNewImage(services, { context }, 'Web');
    let settled = false;
    const end = (): boolean => (settled = true);
    image.then(end, end);
    // The first row is the active one, once the list is drawn.
    await poll(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return settled && noted ? true : undefined;
      },
      { interval: 100, signal: AbortSignal.timeout(10_000) },
    ).catch(() => undefined);
    assert.equal(await image, '<ACCOUNT_ID>.dkr.ecr.eu-central-1.amazonaws.com/web:latest');
    assert.equal(noted, refusal);
  });
});
