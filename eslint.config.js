import hooks from 'eslint-plugin-react-hooks'
import storybook from 'eslint-plugin-storybook'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['dist', 'demo/dist*', 'storybook-static', 'coverage', 'test-results', '.tmp', 'test/react18', '!.storybook']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `onSubmit={async () => …}` is meant.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // Stores and contracts are closures; none of them reads `this`, and taking their verbs apart is how they are used.
      '@typescript-eslint/unbound-method': 'off',
      // `async` without `await` still turns what is thrown into a rejection, as contracts promise.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['{src,stories,demo,.storybook}/**/*.{ts,tsx}'], extends: [hooks.configs.flat['recommended-latest']] },
  storybook.configs['flat/recommended'],
)
