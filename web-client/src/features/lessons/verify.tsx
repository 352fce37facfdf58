import './lessons.css';
import { PageHead } from '../../ui/parts/page-head';
import { VerifyFile } from './verify-file';
import { t } from './words';

/** For whoever holds a record: whether its file is intact. */
export default function Verify() {
  return (
    <div class="narrow-page verify-page">
      <PageHead title={t('verify.title')} note={t('verify.note')} />
      <VerifyFile />
    </div>
  );
}
