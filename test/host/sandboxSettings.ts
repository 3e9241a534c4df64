/** The address of the run's sandbox, as the window under test knows it too. */
export const ENDPOINT = process.env.AWS_CONTAINERS_SANDBOX_ENDPOINT ?? '';

/** What a client of the SDK takes to call the run's sandbox. */
export function sandboxSettings(region: string) {
  return {
    endpoint: ENDPOINT,
    region,
    credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' },
  };
}
