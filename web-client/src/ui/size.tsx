import { language } from '../i18n';
import { megabytes } from '../i18n/format';
import { Num } from './num';

/** An amount of data: `212 Mo`; in Arabic the unit is a word of the sentence. */
export function Size({ bytes }: { bytes: number }) {
  const { figure, unit } = megabytes(bytes);
  if (language.value === 'ar') {
    return (
      <>
        <Num>{figure}</Num> {unit}
      </>
    );
  }
  return <Num>{`${figure}\u00a0${unit}`}</Num>;
}
