// Plain files, which any web server can show.
export default { output: 'export' };
