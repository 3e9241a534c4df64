import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const EXTENSION = 'aws-containers.aws-containers';

describe('The extension in the extension host', () => {
  it('is found under its identity and activates', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension, `${EXTENSION} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
