/** The import rules of the design; each says what it protects. @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', comment: 'Data flows one way.', from: {}, to: { circular: true } },
    {
      name: 'stores-and-engines-do-no-io',
      severity: 'error',
      comment: 'What to do is decided by pure code; only node:crypto (random slugs) is allowed.',
      from: { path: '^(src/stores/|engines/[^/]+/engine\\.ts$|engines/engine\\.ts$)', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src/(db|api|auth|orchestrator|runtimes|gateway|cli)|node_modules|(node:)?(fs|net|http|https|child_process|dns|worker_threads)(/|$))',
      },
    },
    {
      name: 'api-knows-no-runtime',
      severity: 'error',
      comment: 'Desired state goes down and observed state comes up only through the database.',
      from: { path: '^src/api/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(orchestrator|runtimes|gateway|cli)/' },
    },
    {
      name: 'orchestrator-speaks-to-nobody',
      severity: 'error',
      from: { path: '^src/(orchestrator|runtimes)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(api|gateway|cli|auth)/' },
    },
    {
      name: 'runtimes-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/runtimes/(local|kubernetes)/' },
      to: { path: '^src/runtimes/(local|kubernetes)/', pathNot: '^src/runtimes/$1/' },
    },
    {
      name: 'cli-and-dashboard-know-only-the-contract',
      severity: 'error',
      comment:
        'They speak HTTP; of the platform they import generated types alone. But what WooCommerce needs of a machine, ' +
        'and the words for it when it is missing, are pure, and doctor says the same as the platform; and a simulated ' +
        'shop knows only its own menu.',
      from: { path: '^(src/cli|dashboard)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src|engines)/',
        pathNot: '^(src/cli/|src/simulator/|engines/woocommerce/needs\\.ts$|src/assets/(asset|failures|words)\\.ts$)',
      },
    },
    {
      name: 'dashboard-knows-only-the-types',
      severity: 'error',
      comment: 'Not the command line either: both are clients of the same document.',
      from: { path: '^dashboard/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(src|engines|scripts|test)/', pathNot: '^src/cli/api\\.generated\\.d\\.ts$' },
    },
    {
      name: 'what-doctor-shares-does-no-io',
      severity: 'error',
      comment: 'The CLI must stay what can be installed without the platform.',
      from: { path: '^(engines/woocommerce/needs|src/assets/(asset|failures|words))\\.ts$' },
      to: { pathNot: '^src/assets/asset\\.ts$' },
    },
    {
      name: 'simulator-knows-nobody',
      severity: 'error',
      comment: 'The CLI has it in it, and tests of speed too.',
      from: { path: '^src/simulator/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src/simulator/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '(\\.d\\.ts|\\.config\\.ts|\\.cjs|\\.test\\.ts|^engines/medusa/app/|^engines/woocommerce/php/|^scripts/)',
      },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { pathNot: '^engines/(medusa/app|woocommerce/php)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: { path: '^(src|engines)/', pathNot: '(\\.test\\.ts$|^engines/medusa/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|engines/medusa/app|engines/woocommerce/php)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
