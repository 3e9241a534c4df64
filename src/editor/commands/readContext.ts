import * as vscode from 'vscode';
import type { AwsContext } from '../../aws/context';
import { contextOfAnswers, type WithContext } from '../contexts/contextOfAnswers';
import { POLICY_SCHEME } from '../policies/policyUri';
import { REVISION_SCHEME } from '../revisions/revisionUri';
import type { Services } from '../services';
import { contextOfNode, readArguments } from './commandArguments';

/**
 * Where a command works: the context of the node, the live task definition or the policy that it was called on, else
 * the one that its answers name, else the one that is open.
 */
export async function readContext(services: Services, argument: unknown): Promise<AwsContext> {
  if (argument instanceof vscode.Uri && argument.scheme === REVISION_SCHEME) {
    return services.revisions.contextOf(argument);
  }
  if (argument instanceof vscode.Uri && argument.scheme === POLICY_SCHEME) {
    return services.policies.contextOf(argument);
  }
  return contextOfNode(argument) ?? contextOfAnswers(services, readArguments<WithContext>(argument));
}
