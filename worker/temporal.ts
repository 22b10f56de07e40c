import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { searchAttributes } from '../domain/contract.ts';
import { sayOrigin } from './origin.ts';

const indexedValueTypes = { KEYWORD: 2, DATETIME: 6 } as const;
const { practiceId, bookingStage } = searchAttributes;

export const practiceIdKey = defineSearchAttributeKey(practiceId.name, practiceId.type);
export const bookingStageKey = defineSearchAttributeKey(bookingStage.name, bookingStage.type);

/** The engine's address, namespace and credentials by its standard environment variables (TEMPORAL_ADDRESS, …). */
export function connectionSettings() {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? 'default' };
}

/** A client that connects at its first call, and again after the engine was away. */
export function temporalClient(): Client {
  const { connectionOptions, namespace } = connectionSettings();
  return clientOver(Connection.lazy(connectionOptions), namespace);
}

export const clientOver = (connection: Connection, namespace: string): Client =>
  new TemporalClient({ connection, namespace, interceptors: { workflow: [sayOrigin] } });

/**
 * Registers the search attributes that are missing: without them no workflow could be started.
 * @throws when the engine does not allow it; they must then be added by hand (docs/production.md)
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { operatorService } = client.connection;
  const namespace = client.options.namespace;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => !customAttributes?.[name]);
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexedValueTypes[type]])),
  });
}
