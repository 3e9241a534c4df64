import type { AwsContext } from '../../aws/context';

/** The context as two segments of a path: who asks, with the endpoint where there is one of its own, and the region. */
export function placeOf({ source, region, endpoint }: AwsContext): string {
  // What is no profile begins with a sign that a profile's name has only in its escaped form.
  const identity =
    source.kind === 'profile'
      ? segment(source.profile)
      : source.kind === 'static'
        ? `~${segment(source.accessKeyId)}`
        : '~default';
  const where = endpoint === undefined ? '' : `@${segment(endpoint.replace(/^http:\/\//, ''))}`;
  return `${identity}${where}/${segment(region)}`;
}

function segment(text: string): string {
  return text.replace(/[%/\\@~?#]/g, encodeURIComponent).replace(/~/g, '%7E');
}
