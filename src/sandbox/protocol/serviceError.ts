/** A refusal in a service's own terms: an exception that the SDK declares for the operation. */
export class ServiceError extends Error {
  /**
   * @param code the exception's name, such as "RepositoryNotFoundException"
   * @param members the exception's further members, such as `failures`
   * @param status the HTTP status
   */
  constructor(
    readonly code: string,
    message: string,
    readonly members: Readonly<Record<string, unknown>> = {},
    readonly status = 400,
  ) {
    super(message);
    this.name = 'ServiceError';
  }
}
