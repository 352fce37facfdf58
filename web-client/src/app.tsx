import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { Join } from './features/join/join';
import { Lesson } from './features/lesson/lesson';
import { Home, NotFound } from './features/pages/home';
import { ProblemPage } from './features/pages/problem';
import { keptSignedIn } from './memory';
import { isPage } from './pages';
import { Crash } from './ui/crash';
import { onDemand } from './ui/on-demand';

interface Place {
  params: Record<string, string>;
}

function LessonRoute({ params }: Place) {
  return <Lesson lesson={params.lesson ?? ''} participant={params.participant ?? ''} />;
}

/** Links that lead to another page of ours; those to the server's calls and feeds are the browser's own matter. */
const OURS = /^(?!\/(api|calendar)\/)/;

/** The pages of people with accounts. */
const School = onDemand(async () => (await import('./features/school/school')).School, {
  missing: () => <ProblemPage code="unreachable" retry={() => location.reload()} />,
});

function Pages() {
  const { path } = useLocation();
  if (isPage(path) || (path === '/' && keptSignedIn())) return <School />;
  return (
    <Router>
      <Route path="/" component={Home} />
      <Route path="/join" component={Join} />
      <Route path="/lesson/:lesson/:participant" component={LessonRoute} />
      <Route default component={NotFound} />
    </Router>
  );
}

// All that a trainee needs is one file: on a slow link each further one costs a wait.
export function App() {
  return (
    <LocationProvider scope={OURS}>
      <Crash instead={<ProblemPage code="internal" retry={() => location.reload()} />}>
        <Pages />
      </Crash>
    </LocationProvider>
  );
}
