import { RomPair } from './differential.fixtures.ts';
const p = new RomPair();
const h=(v:number)=>'0x'+(v>>>0).toString(16);
const S:Record<string,number>={lt:0,one:0x3f800000,two:0x40000000,m1:0xbf800000,m2:0xc0000000,nan:0x7fc00000,z:0,nz:0x80000000,inf:0x7f800000};
const pairs=[['one','two'],['two','one'],['one','one'],['m2','m1'],['m1','m2'],['m1','one'],['one','m1'],['nan','one'],['one','nan'],['z','nz'],['m1','nan'],['nan','nan']];
for (const n of ['eq','ne','lt','le','gt','ge']) {
 console.log(n, pairs.map(([a,b])=>p.mask.call(`__${n}sf2`,S[a]!,S[b]!)|0).join(' '), '|', pairs.map(([a,b])=>{
   const d=(x:string)=>({z:0,nz:0x80000000,one:0x3ff00000,two:0x40000000,m1:0xbff00000,m2:0xc0000000,nan:0x7ff80000} as any)[x];
   return p.mask.call(`__${n}df2`,0,d(a!),0,d(b!))|0}).join(' '));
}
const f=(x:number)=>{const d=new DataView(new ArrayBuffer(8));d.setFloat32(0,x);return d.getUint32(0)};
for (const v of [1.5,-1.5,-1,3e9,-3e9,5e9,-5e9,2147483648,-2147483648,4294967296,-4294967296,Infinity,-Infinity,NaN,0.4,-0.4]) {
  const d=new DataView(new ArrayBuffer(8));d.setFloat64(0,v); const dd=[d.getUint32(4),d.getUint32(0)];
  console.log(v,'fixsfsi',h(p.mask.call('__fixsfsi',f(v))),'fixunssfsi',h(p.mask.call('__fixunssfsi',f(v))),'fixdfsi',h(p.mask.call('__fixdfsi',...dd)),'fixunsdfsi',h(p.mask.call('__fixunsdfsi',...dd)),
  'fixunssfdi',h(p.mask.call('__fixunssfdi',f(v))),h(p.mask.high));
}
const ops=[[0x7f800000,0],[0,0x7f800000],[0x7f800000,0xff800000],[0,0],[0x80000000,0],[0x7fc12345,1],[1,0xffc54321],[0x7fc12345,0xffc54321],[0xff800000,0x7f800000],[0xff800000,0]];
for (const n of ['add','sub','mul','div']) console.log(n, ops.map(([a,b])=>h(p.mask.call(`__${n}sf3`,a!,b!))).join(' '));
const dops=[[0x7ff00000,0],[0,0x7ff00000],[0x7ff00000,0xfff00000],[0,0],[0x80000000,0],[0x7ff81234,1],[1,0xfff85432],[0x7ff81234,0xfff85432],[0xfff00000,0x7ff00000],[0xfff00000,0]];
for (const n of ['add','sub','mul','div']) console.log(n, dops.map(([a,b])=>{const l=p.mask.call(`__${n}df3`,0,a!,0,b!);return h(p.mask.high)+':'+h(l)}).join(' '));
