import type { AwsContext } from '../../aws/context';
import { parseTaskDefinition } from '../../taskdef/document/taskDefinitionDocument';
import type { TextSpan } from '../../taskdef/document/textSpan';
import { referencesIn } from '../../taskdef/references';
import { viewTask } from '../../taskdef/rules/task';
import { locateImage } from './imagePlace';
import { referenceUrl } from './referenceUrl';

/** A reference that leads somewhere: to its repository's row in the tree, or to a page of the AWS console. */
export type ReferenceLink =
  | { readonly kind: 'repository'; readonly span: TextSpan; readonly image: string }
  | { readonly kind: 'console'; readonly span: TextSpan; readonly url: string };

/**
 * The links of a text. AWS is not asked: what a link leads to may not be there.
 * @param context the one that is open, if any
 * @param hasConsole false where the context's endpoint is not AWS's own
 */
export function linksIn(text: string, context: AwsContext | undefined, hasConsole: boolean): ReferenceLink[] {
  return referencesIn(viewTask(parseTaskDefinition(text))).flatMap((reference): ReferenceLink[] => {
    const { span } = reference;
    if (reference.kind === 'image' && context) {
      const place = locateImage(reference.uri, context);
      if (place.kind === 'ecr' && place.region === context.region) {
        return [{ kind: 'repository', span, image: reference.uri }];
      }
    }
    const url = hasConsole ? referenceUrl(reference, context?.region) : undefined;
    return url === undefined ? [] : [{ kind: 'console', span, url }];
  });
}
