/** Sets the `AWS_` variables of this process for a test, and takes away all others of them. */
export interface AwsVariables {
  set(variables: Readonly<Record<string, string>>): void;
}

/** Puts the environment back as it was after each test of the current `describe`. */
export function awsVariables(): AwsVariables {
  const original = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  const set = (variables: Iterable<readonly [string, string | undefined]>): void => {
    Object.keys(process.env)
      .filter((name) => name.startsWith('AWS_'))
      .forEach((name) => delete process.env[name]);
    for (const [name, value] of variables) {
      process.env[name] = value;
    }
  };
  afterEach(() => set(original));
  return { set: (variables) => set(Object.entries(variables)) };
}
