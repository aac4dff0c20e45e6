/** Search, filters and views; shown once the script runs. */
export const toolsHtml = `<div id="tools" class="live" role="search" aria-label="Users and endpoints">
<label class="search"><span class="hidden">Search users and roles</span><input id="search" type="search" placeholder="Search users, roles" autocomplete="off" autocapitalize="off" spellcheck="false" aria-keyshortcuts="/"><kbd>/</kbd></label>
<label>Endpoints <select id="group"><option value="">all</option></select></label>
<label>Method <select id="method"><option value="">all</option></select></label>
<label>Users <select id="show">
<option value="">all</option>
<option value="yes">with an allowed cell</option>
<option value="no">with a denied cell</option>
<option value="role">with a right only by a role</option>
<option value="out">who cannot log in</option>
</select></label>
<button type="button" id="fold" aria-pressed="false">Fold groups</button>
<span class="views" role="group" aria-label="View"><button type="button" id="view-users" aria-pressed="true">By user</button><button type="button" id="view-kinds" aria-pressed="false">By kind</button></span>
</div>`;

/** The grid, which the script fills, and the place where a cell says why. */
export const gridHtml = `<main id="users" class="live">
<div class="sheet">
<div id="grid" role="grid" tabindex="0" aria-label="Access of users to endpoints" aria-readonly="true"></div>
<p id="nobody" hidden>No user matches. <button type="button" id="clear">Show all</button></p>
<footer>
<ul class="legend" aria-label="Marks"><li><i class="yes">✓</i> allowed</li><li><i class="no">×</i> denied</li><li><i class="role">R</i> <span>only by a role<span class="long">, which Kapacitor does not see</span></span></li><li><i class="out">!</i> cannot log in</li></ul>
<p class="keys"><kbd>←↑↓→</kbd> move <kbd>Space</kbd> fold group <kbd>/</kbd> search <kbd>Esc</kbd> close</p>
</footer>
</div>
<aside id="why" aria-live="polite" aria-label="Why">
<div class="empty"><h2>Why?</h2><p>Choose a cell: here stands what decides it, and the command that changes it.</p></div>
</aside>
</main>`;
