import { initials } from '../layout/StaffPage.tsx';

/** Who treats: picture, title and name. */
export function ProviderCard({ provider }: { provider: { id: string | null; title: string; name: string; hasPicture: boolean } }) {
  return (
    <div class="provider-card">
      {provider.hasPicture && provider.id ? (
        <img src={`/providers/${provider.id}/picture`} alt="" width={72} height={72} />
      ) : (
        <span class="avatar big" aria-hidden="true">{initials(provider.name)}</span>
      )}
      <p>{provider.title ? <span class="hint">{provider.title}</span> : null}<strong>{provider.name}</strong></p>
    </div>
  );
}
