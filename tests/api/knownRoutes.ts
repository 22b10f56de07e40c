import type { RouteOptions } from 'fastify';

export interface KnownRoute {
  method: 'GET' | 'POST';
  url: string;
  roles: string[] | null;
  unattended: boolean;
}

/**
 * Collects the routes of an application while it is built; those that take no form's token, as carriers' calls, stand apart.
 * HEAD follows its GET.
 */
export function routeCollector() {
  const routes: KnownRoute[] = [];
  const withoutToken: string[] = [];
  const onRoute = ({ method, url, config }: RouteOptions) => {
    for (const one of [method].flat()) {
      if (one !== 'GET' && one !== 'POST') continue;
      const { roles = null, unattended = false, csrf } = config ?? {};
      if (csrf === false) withoutToken.push(`${one} ${url}`);
      else if (!url.startsWith('/assets/')) routes.push({ method: one as 'GET' | 'POST', url, roles, unattended });
    }
  };
  return { routes, withoutToken, onRoute };
}
