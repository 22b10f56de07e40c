/** What the peers agree on: a table of one's own to insert into, and a workflow's names. */
export const peerTable =
  'create table peer_rows (id uuid primary key default uuidv7(), run text not null, step text not null, at timestamptz not null default clock_timestamp())';
export const peerIndex = 'create index on peer_rows (run)';
export const peerQueue = (queue: string) => `${queue}-peer`;
