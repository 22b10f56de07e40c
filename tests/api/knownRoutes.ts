import type { RouteOptions } from 'fastify';

export interface KnownRoute {
  method: 'GET' | 'POST';
  url: string;
  roles: string[] | null;
  unattended: boolean;
}

/** Collects the routes of an application while it is built; carriers' calls are no forms. HEAD follows its GET. */
export function routeCollector() {
  const routes: KnownRoute[] = [];
  const onRoute = ({ method, url, config }: RouteOptions) => {
    for (const one of [method].flat()) {
      if (one !== 'GET' && one !== 'POST') continue;
      const { roles = null, unattended = false, csrf } = config ?? {};
      if (!url.startsWith('/assets/') && csrf !== false)
        routes.push({ method: one as 'GET' | 'POST', url, roles, unattended });
    }
  };
  return { routes, onRoute };
}
