// What an application on a phone imports. The package is JSX, which a developer's
// machine translates; nothing else is done to it here.
export { default } from 'matomo-tracker-react-native';
