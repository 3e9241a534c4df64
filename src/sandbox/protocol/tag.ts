/** A tag as the APIs of ECR, EFS, IAM and Systems Manager have it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}
