import hooks from 'eslint-plugin-react-hooks'
import storybook from 'eslint-plugin-storybook'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// oxlint has all else, with what it knows of types: see .oxlintrc.json.
export default defineConfig(
  globalIgnores(['dist', 'demo/dist*', 'storybook-static', 'coverage', 'test-results', '.tmp', 'test/react18', '!.storybook']),
  // React is in hooks and components only; test/layers.test.ts holds that.
  {
    files: ['{src/hooks,src/components,stories,demo,.storybook}/**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser },
    extends: [hooks.configs.flat['recommended-latest']],
  },
  storybook.configs['flat/recommended'],
)
