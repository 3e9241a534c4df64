import * as vscode from 'vscode';
import { OpenDocumentProblems } from './openDocumentProblems';
import { rangeOf } from './rangeOf';

/** What the Problems view calls us. */
const DIAGNOSTIC_SOURCE = 'ECR';

const SOURCE =
  'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules';

/** Keeps up to date what is wrong between the rules of the lifecycle policies that are open. */
export const checkLifecyclePolicies = (log: vscode.LogOutputChannel): vscode.Disposable =>
  new OpenDocumentProblems(
    {
      name: 'lifecyclePolicy',
      subject: 'The lifecycle policy',
      isMeant: isLifecyclePolicy,
      check: async (document) => {
        const { findLifecycleProblems } = await import('../../ecr/lifecycleProblems');
        return findLifecycleProblems(document.getText()).map(({ span, message }) => {
          const diagnostic = new vscode.Diagnostic(rangeOf(document, span), message);
          diagnostic.source = DIAGNOSTIC_SOURCE;
          diagnostic.code = { value: 'lifecycle-rules', target: vscode.Uri.parse(SOURCE) };
          return diagnostic;
        });
      },
    },
    log,
  );

/** As in the manifest's `jsonValidation`; the sides of a difference are not checked. */
function isLifecyclePolicy({ uri: { scheme, path } }: vscode.TextDocument): boolean {
  return /(\/|\.)lifecycle-policy\.json$/.test(path) && scheme !== 'aws-containers-diff' && scheme !== 'git';
}
