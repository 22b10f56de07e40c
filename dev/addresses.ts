import postgres from 'postgres';
import { bookingWorkflow } from '../domain/contract.ts';
import { demoUsers } from './demo/seed.ts';

export interface Addresses {
  publicUrl: string;
  temporalUiUrl: string | undefined;
  namespace: string;
  databaseUrl: string;
}

/** The table that ends the start: where to look, and as whom to sign in. */
export async function addressTable({ publicUrl, temporalUiUrl, namespace, databaseUrl }: Addresses): Promise<string> {
  const workflows = `${temporalUiUrl}/namespaces/${namespace}/workflows`;
  const query = encodeURIComponent(`WorkflowType="${bookingWorkflow}"`);
  const places: [string, string][] = [
    ['Staff', publicUrl],
    ['Patients’ messages', `${publicUrl}/inbox`],
    ...(temporalUiUrl
      ? ([
          ['Temporal', workflows],
          ['Bookings’ workflows', `${workflows}?query=${query}`],
        ] as [string, string][])
      : []),
  ];
  const { withDemo, withUsers } = await whoIsThere(databaseUrl);
  const people: [string, string][] = withDemo
    ? [
        ...onePerRole().map(({ role, email }): [string, string] => [`Sign in as ${role}`, email]),
        ['with the password', demoUsers[0].password],
      ]
    : withUsers
      ? []
      : [['Nobody can sign in', 'npm run practice:new makes a practice and its manager']];
  return [places, people]
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.map(([name, value]) => `  ${name.padEnd(24)}${value}`).join('\n'))
    .join('\n\n');
}

const onePerRole = () =>
  demoUsers.filter(({ role }, index) => demoUsers.findIndex((other) => other.role === role) === index);

async function whoIsThere(databaseUrl: string): Promise<{ withDemo: boolean; withUsers: boolean }> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql<{ withDemo: boolean; withUsers: boolean }[]>`
      select exists (select from users where email = ${demoUsers[0].email}) as "withDemo",
        exists (select from users) as "withUsers"`;
    return found!;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
