package foule

import "encoding/binary"

// The parts that most events lack stand at the end of the journal form, behind
// a byte that says which there are.
const (
	partSteps = 1 << iota
	partContent
	partBasket
	partTimings
	partValues
	partDropped
)

func appendParts(b []byte, e *Event) []byte {
	at := len(b)
	b = append(b, 0)
	if len(e.Steps) > 0 {
		b[at] |= partSteps
		b = binary.AppendUvarint(b, uint64(len(e.Steps)))
		for _, s := range e.Steps {
			b = append(binary.AppendUvarint(b, uint64(s.Funnel)), s.Number)
		}
	}
	if e.Content.Name != "" || e.Content.Piece != "" || e.Content.Target != "" {
		b[at] |= partContent
		b = appendString(appendString(appendString(b, e.Content.Name), e.Content.Piece), e.Content.Target)
	}
	if e.Basket.Kind != BasketNone {
		b[at] |= partBasket
		b = e.Basket.append(b)
	}
	if e.PageView != 0 || e.Timings.Known != 0 {
		b[at] |= partTimings
		b = append(binary.AppendUvarint(b, uint64(e.PageView)), e.Timings.Known)
		for _, ms := range e.Timings.Millis {
			b = binary.AppendUvarint(b, uint64(ms))
		}
	}
	if len(e.Values) > 0 || e.VisitValues != 0 {
		b[at] |= partValues
		b = binary.AppendUvarint(b, uint64(e.VisitValues))
		b = binary.AppendUvarint(b, uint64(len(e.Values)))
		for _, v := range e.Values {
			b = appendString(append(b, byte(v.Dim)), v.Text)
		}
	}
	if !e.Dropped.IsZero() {
		b[at] |= partDropped
		b = e.Dropped.append(b)
	}
	return b
}

func (r *eventReader) parts(e *Event) {
	have := r.byte()
	if have&partSteps != 0 {
		e.Steps = list[Step](r)
		for i := range e.Steps {
			e.Steps[i] = Step{uint32(r.uvarint()), r.byte()}
		}
	}
	if have&partContent != 0 {
		e.Content.Name, e.Content.Piece, e.Content.Target = r.string(), r.string(), r.string()
	}
	if have&partBasket != 0 {
		r.basket(&e.Basket)
	}
	if have&partTimings != 0 {
		e.PageView = uint16(r.uvarint())
		e.Timings.Known = r.byte()
		r.bad = r.bad || e.PageView == 0 && e.Timings.Known == 0
		for i := range e.Timings.Millis {
			e.Timings.Millis[i] = uint32(r.uvarint())
		}
	}
	if have&partValues != 0 {
		e.VisitValues = uint16(r.uvarint())
		e.Values = list[CustomValue](r)
		for i := range e.Values {
			e.Values[i] = CustomValue{Dimension(r.byte()), r.string()}
			r.bad = r.bad || !e.Values[i].Dim.IsVisitValue() && !e.Values[i].Dim.IsActionValue()
		}
	}
	if have&partDropped != 0 {
		r.dropped(&e.Dropped)
	}
}

func (k *Basket) append(b []byte) []byte {
	b = append(b, byte(k.Kind))
	for _, n := range k.amounts() {
		b = binary.AppendVarint(b, *n)
	}
	b = binary.AppendUvarint(b, uint64(len(k.Products)))
	for _, p := range k.Products {
		b = appendString(appendString(b, p.SKU), p.Name)
		b = binary.AppendUvarint(b, uint64(len(p.Categories)))
		for _, c := range p.Categories {
			b = appendString(b, c)
		}
		b = binary.AppendVarint(binary.AppendVarint(b, p.Price), p.Quantity)
	}
	return b
}

func (r *eventReader) basket(k *Basket) {
	k.Kind = BasketKind(r.byte())
	r.bad = r.bad || k.Kind == BasketNone || k.Kind > BasketOrder
	for _, n := range k.amounts() {
		*n = r.varint()
	}
	k.Products = list[Product](r)
	for i := range k.Products {
		p := &k.Products[i]
		p.SKU, p.Name = r.string(), r.string()
		p.Categories = list[string](r)
		for j := range p.Categories {
			p.Categories[j] = r.string()
		}
		p.Price, p.Quantity = r.varint(), r.varint()
	}
}

func (k *Basket) amounts() [5]*int64 {
	return [...]*int64{&k.Revenue, &k.Subtotal, &k.Tax, &k.Shipping, &k.Discount}
}
