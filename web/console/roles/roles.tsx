import { Route, Switch } from 'wouter';
import '../styles/roles.css';
import { RoleEditor } from './editor';
import { RoleList } from './role-list';
import { RoleMap } from './role-map';

/** Roles: the list, the map, and a page for each. */
export default function Roles() {
  return (
    <Switch>
      <Route path="/console/roles">
        <RoleList />
      </Route>
      <Route path="/console/roles/map">
        <RoleMap />
      </Route>
      <Route path="/console/roles/:id">{({ id }) => <RoleEditor id={id} />}</Route>
    </Switch>
  );
}
