export default function Found() {
  return <><a id="list" href="/list.pdf">List</a><a id="out" href="https://elsewhere.example/partner">Partner</a></>;
}
