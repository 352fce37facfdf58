import { BoneRows } from './list';
import type { Loaded } from './loaded';
import { PageHead } from './page-head';
import { ProblemNote } from './problem';

interface Props {
  /** What the page is called until its record says so. */
  title: string;
  loaded: Loaded<unknown> & { again: () => void };
}

/** A record's page before the record is there: its bones, or why it does not come. */
export function AwaitedPage({ title, loaded }: Props) {
  return (
    <div class="page">
      <PageHead title={title} />
      {loaded.state === 'failed' ? (
        <ProblemNote problem={loaded.problem} retry={loaded.again} />
      ) : (
        <div class="panel" aria-hidden="true">
          <BoneRows />
        </div>
      )}
    </div>
  );
}
