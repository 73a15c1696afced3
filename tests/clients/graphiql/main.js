import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

// The test says which service, and what is in the editors.
const { url, ...initial } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const fetcher = createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws') });
createRoot(document.getElementById('root')).render(createElement(GraphiQL, { fetcher, ...initial }));
