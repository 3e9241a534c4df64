// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html, repositoryName
const ECR_NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Whether a text may be the name of an ECR repository: 2 to 256 characters by ECR's own pattern. */
export function isEcrRepositoryName(text: string): boolean {
  return text.length >= 2 && text.length <= 256 && ECR_NAME.test(text);
}
