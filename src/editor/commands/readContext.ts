import type { AwsContext } from '../../aws/context';
import { contextOfAnswers, type WithContext } from '../contexts/contextOfAnswers';
import type { Services } from '../services';
import { contextOfNode, readArguments } from './commandArguments';

/**
 * Where a command works: the context of the node that it was called on, else the one that its answers name, else
 * the one that is open.
 */
export async function readContext(services: Services, argument: unknown): Promise<AwsContext> {
  return contextOfNode(argument) ?? contextOfAnswers(services, readArguments<WithContext>(argument));
}
