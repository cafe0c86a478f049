/** Every style of the pages, in order. */
import './tokens.css';
import './base.css';
import './shell.css';
import './parts.css';
import './chart.css';
import './overview.css';
import './task.css';
import './diff.css';
import './palette.css';
import './pages.css';
import './timeline.css';
import './sync.css';
