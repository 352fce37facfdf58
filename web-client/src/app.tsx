import { LocationProvider, Route, Router } from 'preact-iso';
import { Join } from './features/join/join';
import { Lesson } from './features/lesson/lesson';
import { Home, NotFound } from './features/pages/home';
import { ProblemPage } from './features/pages/problem';
import { Crash } from './ui/crash';

interface Place {
  params: Record<string, string>;
}

function LessonRoute({ params }: Place) {
  return <Lesson lesson={params.lesson ?? ''} participant={params.participant ?? ''} />;
}

// All that a trainee needs is one file: on a slow link each further one costs a wait.
export function App() {
  return (
    <LocationProvider>
      <Crash instead={<ProblemPage code="internal" retry={() => location.reload()} />}>
        <Router>
          <Route path="/" component={Home} />
          <Route path="/join" component={Join} />
          <Route path="/lesson/:lesson/:participant" component={LessonRoute} />
          <Route default component={NotFound} />
        </Router>
      </Crash>
    </LocationProvider>
  );
}
