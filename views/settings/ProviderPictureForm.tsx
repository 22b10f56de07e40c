import type { ListedProvider } from '../../domain/practice/providers.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError } from '../forms/Field.tsx';
import { initials } from '../layout/StaffPage.tsx';
import type { FormState, Viewer } from '../reader.ts';

/** What patients see of a provider: chosen from the machine's files, or taken away again. */
export function ProviderPictureForm({
  viewer,
  provider,
  form,
}: {
  viewer: Viewer;
  provider: ListedProvider;
  form: FormState;
}) {
  const words = viewer.t.settings.providers;
  const url = `/settings/providers/${provider.id}/picture`;
  return (
    <section class="settings-form part" aria-labelledby="picture">
      <h2 id="picture">{words.picture}</h2>
      <div class="picture">
        {provider.hasPicture ? (
          <img src={`/providers/${provider.id}/picture`} alt={words.pictureOf(provider.name)} width={72} height={72} />
        ) : (
          <span class="avatar big" aria-hidden="true">
            {initials(provider.name)}
          </span>
        )}
        <p class="hint">{words.pictureHint}</p>
      </div>
      <form action={url} method="post" enctype="multipart/form-data">
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <Field
          reader={viewer}
          form={form}
          name="picture"
          type="file"
          accept="image/png,image/jpeg,image/webp"
          label={words.pictureFile}
          hint={words.pictureFileHint}
        />
        <p class="actions">
          <button type="submit">{words.upload}</button>
        </p>
      </form>
      {provider.hasPicture ? (
        <form action={`${url}/removal`} method="post">
          <Csrf reader={viewer} />
          <button type="submit" class="quiet">
            {words.removePicture}
          </button>
        </form>
      ) : null}
    </section>
  );
}
