import '../styles/theme.css';
