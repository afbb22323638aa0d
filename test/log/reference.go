// Checks a log in a folder with golang.org/x/mod/sumdb: its checkpoint with note, its tiles, entries and proofs with tlog.
// usage: reference <folder> <vkey> [<witness vkey>]; the folder has checkpoint, tile/…, and proofs.json.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func expect(ok bool, format string, args ...interface{}) {
	if !ok {
		must(fmt.Errorf(format, args...))
	}
}

// cosigner verifies cosignature/v1, for which x/mod has no verifier of its own.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	data, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	expect(data[0] == 4 && len(data) == 33, "expected a key of type 4")
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
	expect(fmt.Sprintf("%x", sum[:4]) == parts[1], "the key id of %s is not its own", vkey)
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), data[1:]}
}

// folder reads tiles where tlog-tiles has them: its paths lack the height that tlog puts first.
type folder string

func (f folder) Height() int { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(string(f), "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func main() {
	dir := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	verifiers := []note.Verifier{verifier}
	for _, vkey := range os.Args[3:] {
		verifiers = append(verifiers, newCosigner(vkey))
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	must(err)
	expect(len(opened.Sigs) == len(verifiers), "expected %d signatures, got %d", len(verifiers), len(opened.Sigs))
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, folder(dir))

	// Every leaf's hash, which the reader checks against the root; and every entry against its leaf's hash.
	for start := int64(0); start < size; start += 256 {
		end := start + 256
		if end > size {
			end = size
		}
		var indexes []int64
		for i := start; i < end; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
		hashes, err := reader.ReadHashes(indexes)
		must(err)
		tile := tlog.Tile{H: 8, L: 0, N: start / 256, W: int(end - start)}
		path := strings.Replace(strings.TrimPrefix(tile.Path(), "tile/8/"), "0/", "entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(dir, "tile", path))
		must(err)
		for _, hash := range hashes {
			n := binary.BigEndian.Uint16(bundle)
			expect(tlog.RecordHash(bundle[2:2+n]) == hash, "an entry from %d on is not the one in the tree", start)
			bundle = bundle[2+n:]
		}
		expect(len(bundle) == 0, "a bundle goes on after its last entry")
	}

	// Proofs as the log made them are those that tlog makes, and hold.
	var proofs struct {
		Inclusion   []struct{ Index, Size int64; Leaf, Root string; Proof []string }
		Consistency []struct{ Old, Size int64; OldRoot, Root string; Proof []string }
	}
	text, err := os.ReadFile(filepath.Join(dir, "proofs.json"))
	must(err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	must(decoder.Decode(&proofs))
	parse := func(text string) tlog.Hash { hash, err := tlog.ParseHash(text); must(err); return hash }
	parseAll := func(texts []string) (hashes []tlog.Hash) {
		for _, text := range texts {
			hashes = append(hashes, parse(text))
		}
		return hashes
	}
	for _, p := range proofs.Inclusion {
		ours := tlog.RecordProof(parseAll(p.Proof))
		theirs, err := tlog.ProveRecord(p.Size, p.Index, reader)
		must(err)
		expect(len(ours) == 0 && len(theirs) == 0 || reflect.DeepEqual(ours, theirs), "the proof of %d in %d differs", p.Index, p.Size)
		must(tlog.CheckRecord(ours, p.Size, parse(p.Root), p.Index, parse(p.Leaf)))
	}
	for _, p := range proofs.Consistency {
		ours := tlog.TreeProof(parseAll(p.Proof))
		theirs, err := tlog.ProveTree(p.Size, p.Old, reader)
		must(err)
		expect(len(ours) == 0 && len(theirs) == 0 || reflect.DeepEqual(ours, theirs), "the proof from %d to %d differs", p.Old, p.Size)
		must(tlog.CheckTree(ours, p.Size, parse(p.Root), p.Old, parse(p.OldRoot)))
	}
	fmt.Printf("size %d, %d inclusion proofs, %d consistency proofs\n", size, len(proofs.Inclusion), len(proofs.Consistency))
}
